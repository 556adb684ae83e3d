"""What people are told, and on which way: outbox, texts, carriers, worker."""

"""One file a format; ``incidents.exports.formats`` lists them."""

"""A columnar image of the incidents, from which any filter is counted in milliseconds."""

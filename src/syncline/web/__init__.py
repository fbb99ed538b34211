"""Pages and endpoints: one folder per page family, none of them with tables."""

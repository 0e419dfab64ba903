"""One folder per kind of media, all of one silhouette."""

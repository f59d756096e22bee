"""Pictures that read without scripts: graphs, lanes of time and maps as SVG."""

"""What `dadkhah serve` is put together from: addresses, processes, the snapshot in use and the newer one taken up."""

"""What a carrier is to make good for a parcel it lost."""

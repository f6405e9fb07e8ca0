/// The virtual board: a plant behind the kernel's own drivers.
public enum Bench {}

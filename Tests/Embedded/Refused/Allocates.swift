/// What must not be built for a board without a heap: a list as long as somebody types.
@main
struct Allocates {
    @_silgen_name("getchar") private static func get() -> Int32
    @_silgen_name("putchar") private static func put(_ character: Int32) -> Int32

    static func main() {
        let list = [Int32](repeating: get(), count: Int(get()))
        for character in list { _ = put(character) }
    }
}

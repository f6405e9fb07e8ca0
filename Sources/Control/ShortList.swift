#if hasFeature(Embedded)
    /// The stages of a controller without a heap: at most `stageLimit`.
    public typealias StageList = ShortList<24, Stage>
    /// The load groups of a controller without a heap: at most four.
    public typealias LoadGroupList = ShortList<4, LoadGroup>
#else
    /// The stages of a controller, at most `stageLimit`.
    public typealias StageList = [Stage]
    /// The load groups of a controller, at most four.
    public typealias LoadGroupList = [LoadGroup]
#endif

#if hasFeature(Embedded)
    /// What settings use of an array, in fixed storage: nothing on a board without a heap grows.
    public struct ShortList<let limit: Int, Element: Sendable & BitwiseCopyable>: Sendable {
        private var elements: InlineArray<limit, Element?>
        /// Elements in use, 0 ... `limit`.
        public private(set) var count = 0

        /// An empty list.
        public init() { elements = InlineArray(repeating: nil) }
        public var indices: Range<Int> { 0..<count }
        /// The element at `index`, one of `indices`.
        public subscript(_ index: Int) -> Element {
            get { elements[index]! }
            set {
                precondition(index < count, "no such element")
                elements[index] = newValue
            }
        }
        /// Adds one more; beyond `limit` it is our bug.
        public mutating func append(_ element: Element) {
            precondition(count < limit, "the list is full")
            elements[count] = element
            count += 1
        }
    }
#endif

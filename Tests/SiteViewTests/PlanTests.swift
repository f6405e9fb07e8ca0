import Testing

@testable import SiteView


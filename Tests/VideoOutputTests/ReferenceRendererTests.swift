import RenderSnapshots
import StudioState
import Testing

@testable import VideoOutput

private let kernels = ["checker", "colour-bars", "gradient", "plasma", "solid", "unheard-of"]

@Test(arguments: kernels)
func theSameMomentGivesTheSamePicture(package: String) throws {
  let layers = [try layer(package)]
  let first = picture(layers, at: .seconds(5))
  #expect(first.pixels == picture(layers, at: .seconds(5)).pixels)
  #expect(first.size == FrameSize(width: 64, height: 36))
  #expect(first.rgba.count == 64 * 36 * 4)
  #expect(first.pixels.allSatisfy { $0.alpha == 255 })
}

@Test func anEmptyShowIsBlack() {
  #expect(picture([]).pixels.allSatisfy { $0 == .black })
}

@Test(arguments: [
  (BlendMode.normal, 100, 150, 250), (.add, 255, 250, 255), (.multiply, 78, 59, 49), (.screen, 222, 191, 251),
  (.lighten, 200, 150, 250), (.darken, 100, 100, 50), (.difference, 100, 50, 200),
])
func eachBlendModeAtAPixel(mode: BlendMode, red: UInt8, green: UInt8, blue: UInt8) throws {
  let layers = [try solid("below", 200, 100, 50), try solid("top", 100, 150, 250, blendMode: mode)]
  #expect(picture(layers).pixels[0] == Pixel(red: red, green: green, blue: blue))
}

@Test(arguments: BlendMode.allCases)
func halfOpacityIsHalfwayToTheBlend(mode: BlendMode) throws {
  let below = try solid("below", 200, 100, 50)
  let whole = picture([below, try solid("top", 100, 150, 250, blendMode: mode)]).pixels[0]
  let half = picture([below, try solid("top", 100, 150, 250, opacity: 0.5, blendMode: mode)]).pixels[0]
  #expect((Int(half.red) - (200 + Int(whole.red)) / 2).magnitude <= 1)
  #expect((Int(half.green) - (100 + Int(whole.green)) / 2).magnitude <= 1)
  #expect((Int(half.blue) - (50 + Int(whole.blue)) / 2).magnitude <= 1)
}

@Test(arguments: BlendMode.allCases)
func aLayerOfOpacityZeroIsInvisible(mode: BlendMode) throws {
  let below = try layer("colour-bars")
  let top = try solid("top", 250, 120, 10, opacity: 0, blendMode: mode)
  #expect(picture([below, top]).pixels == picture([below]).pixels)
}

@Test func aDisabledLayerIsSkipped() throws {
  let below = try layer("colour-bars")
  #expect(picture([below, try solid("top", 250, 120, 10, enabled: false)]).pixels == picture([below]).pixels)
}

@Test func aColoursAlphaCountsLikeOpacity() throws {
  let below = try solid("below", 200, 100, 50)
  let byAlpha = picture([below, try solid("top", 0, 0, 0, alpha: 128)])
  let byOpacity = picture([below, try solid("top", 0, 0, 0, opacity: 128.0 / 255)])
  #expect(byAlpha.pixels == byOpacity.pixels)
  #expect(byAlpha.pixels[0] == Pixel(red: 100, green: 50, blue: 25))
}

@Test func whatACoveringLayerHidesIsNotMissed() throws {
  let top = try solid("top", 1, 2, 3)
  let many = try (0..<100).map { try layer("plasma", id: "l\($0)", blendMode: .screen) }
  #expect(picture(many + [top]).pixels == picture([top]).pixels)
}

@Test func onlyTheTopmostLayersOfALargeShowAreDrawn() throws {
  let count = ReferenceRenderer.maximumDrawnLayers
  let layers = try (0..<count + 3).map { try solid("l\($0)", 10, 0, 0, blendMode: .add) }
  #expect(picture(layers).pixels[0] == Pixel(red: UInt8(count * 10), green: 0, blue: 0))
}

private let strangeValues: [ParameterValue] = [
  .double(.nan), .double(.infinity), .double(-.infinity), .double(1e308), .double(-1e308), .int(.max), .int(.min),
  .bool(true), .string("text"), .point2D(.nan, 1e308), .point2D(-1e308, .infinity), .color(.nan, .infinity, -1, 1e308),
]
private let parameterNames = [
  "squares", "soft", "lightColour", "darkColour", "brightness", "pattern", "startColour", "endColour", "angle",
  "centre", "radial", "mix", "speed", "colour",
]

@Test(arguments: kernels)
func noValueOfAParameterBringsTheRendererDown(package: String) throws {
  for value in strangeValues {
    let strange = try layer(package, parameterNames.map { ($0, value) })
    let opacity = try layer(package, id: "b", opacity: .nan)
    for time: Duration in [.zero, .seconds(-7), .seconds(4_000_000_000)] {
      #expect(picture([strange, opacity], at: time).pixels.allSatisfy { $0.alpha == 255 })
    }
  }
}

@Test(arguments: [("plasma", "mix"), ("gradient", "centre"), ("solid", "colour"), ("checker", "squares")])
func aValueOfTheWrongTypeCountsAsTheDefault(package: String, parameter: String) throws {
  let wrong = try layer(package, [(parameter, .string("wrong"))])
  #expect(picture([wrong]).pixels == picture([try layer(package)]).pixels)
}

@Test func plasmaMovesWithTimeBySpeed() throws {
  func plasma(_ speed: Double, _ time: Duration) throws -> [Pixel] {
    picture([try layer("plasma", [("speed", .double(speed))])], at: time).pixels
  }
  #expect(try plasma(0.5, .seconds(1)) != plasma(0.5, .seconds(2)))
  #expect(try plasma(0, .seconds(1)) == plasma(0, .seconds(2)))
  #expect(try plasma(1, .seconds(1)) == plasma(0.5, .seconds(2)))
}

@Test func plasmaMixesTwoPalettes() throws {
  func plasma(_ mix: Double) throws -> Pixel {
    picture([try layer("plasma", [("mix", .double(mix))])]).pixels[500]
  }
  let (ember, middle, aurora) = (try plasma(0), try plasma(0.5), try plasma(1))
  #expect(ember != aurora)
  #expect((Int(middle.red) - (Int(ember.red) + Int(aurora.red)) / 2).magnitude <= 1)
}

@Test func theBarsAreThoseOfSMPTE() throws {
  let bars = picture([try layer("colour-bars")])
  let colours = (0..<7).map { bars.pixels[$0 * 64 / 7 + 4] }
  let lit = colours.map { [$0.red > 0, $0.green > 0, $0.blue > 0].map { $0 ? "1" : "0" }.joined() }
  #expect(lit == ["111", "110", "011", "010", "101", "100", "001"])
  #expect(colours[0].red == 191)
  let dark = picture([try layer("colour-bars", [("brightness", .double(0))])])
  #expect(dark.pixels.allSatisfy { $0 == .black })
}

@Test func yPointsUpAsInISF() throws {
  // At 90 degrees the end colour is at the top.
  let colours: [(name: String, value: ParameterValue)] = [
    ("angle", .double(90)), ("startColour", .color(0, 0, 0, 1)), ("endColour", .color(1, 1, 1, 1)),
  ]
  let pixels = picture([try layer("gradient", colours)]).pixels
  #expect(pixels[0].red > 240)
  #expect((pixels.last?.red ?? 255) < 15)
}

@Test func unknownPackagesAreSlatesThatDiffer() throws {
  let first = picture([try layer("unheard-of")]).pixels
  #expect(Set(first.map(\.red)).count == 2)
  #expect(first.allSatisfy { $0.red < 120 && $0.green < 120 && $0.blue < 120 && $0 != .black })
  #expect(first != picture([try layer("unheard-of-too")]).pixels)
}

@Test func anIdentifiedOutputShowsAFrameAndItsNumber() {
  func identified(_ number: Int64) -> [Pixel] {
    ReferenceRenderer.render(snapshot([], identifiesOutput: true), frame: number, time: .zero).pixels
  }
  let pixels = identified(407)
  #expect(pixels[0] == Pixel(red: 255, green: 196, blue: 0))
  #expect(pixels.last == pixels[0])
  // A dot is one pixel at 36 lines; the 4 begins at (3, 3): 101 101 111 001 001.
  let four = (3..<8).map { line in (3..<6).map { pixels[line * 64 + $0] == .white ? "1" : "0" }.joined() }
  #expect(four == ["101", "101", "111", "001", "001"])
  #expect(pixels != identified(408))
  // More digits than there is room for.
  #expect(identified(.max).count == 64 * 36)
}

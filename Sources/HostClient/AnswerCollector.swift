import NIOCore
import NIOHTTP1

/// Sends the request once the connection is established, and collects its answer. Runs on the channel's event loop.
final class AnswerCollector: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  private let requestHead: HTTPRequestHead
  private let requestBody: [UInt8]?
  private let answer: EventLoopPromise<HostAnswer>
  private let address: String
  private let maximumBytes: Int
  private var head: HTTPResponseHead?
  private var body: [UInt8] = []

  init(
    head: HTTPRequestHead, body: [UInt8]?, answer: EventLoopPromise<HostAnswer>, address: String, maximumBytes: Int
  ) {
    requestHead = head
    requestBody = body
    self.answer = answer
    self.address = address
    self.maximumBytes = maximumBytes
  }

  func channelActive(context: ChannelHandlerContext) {
    context.write(wrapOutboundOut(.head(requestHead)), promise: nil)
    if let requestBody {
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: requestBody)))), promise: nil)
    }
    // If sending fails, the connection closes, and `channelInactive` reports the failure.
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body(let part):
      guard body.count + part.readableBytes <= maximumBytes else {
        fail(.tooLarge, "the answer is larger than \(maximumBytes) bytes")
        return
      }
      body.append(contentsOf: part.readableBytesView)
    case .end: finish()
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail(.brokenAnswer, "it closed the connection before the answer was whole")
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail(.brokenAnswer, "the answer is broken (\(error))")
  }

  private func finish() {
    guard let head else { return fail(.brokenAnswer, "the answer has no head") }
    answer.succeed(
      HostAnswer(status: Int(head.status.code), headers: head.headers.map { ($0.name, $0.value) }, body: body))
  }

  /// Has no effect after an answer or a failure: a promise keeps its first result.
  private func fail(_ code: HostRequestFailure.Code, _ detail: String) {
    answer.fail(HostRequestFailure(code, address, detail))
  }
}

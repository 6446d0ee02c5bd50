/// Builds a state from documents. The store calls it for each generation that it reads.
public struct DocumentReading: Sendable {
  public typealias Result = (source: (any DocumentSource)?, problems: [DocumentRejection])

  /// SQL views of the program that owns the documents; nil if it has none.
  public let views: ViewPack?
  private let body: @Sendable ([Document]) -> Result

  /// Reads documents as states of type `State`.
  ///
  /// - Parameters:
  ///   - initial: see ``DurableState/restoring(from:over:)``.
  ///   - views: views for people who read the database with SQL.
  public init<State: DurableState>(over initial: State, views: ViewPack? = nil) {
    self.views = views
    body = { documents in
      let restored = State.restoring(from: documents, over: initial)
      return (restored.state.map { StateDocuments($0) }, restored.problems)
    }
  }

  /// Keeps documents unchanged and checks only that each of them is JSON.
  public static let plain = DocumentReading { documents in
    let limits = JSONParser.Limits(bytes: Document.maximumBytes)
    var problems: [DocumentRejection] = []
    let usable = documents.filter { document in
      do {
        _ = try JSONParser.parse(document.body, limits: limits)
        return true
      } catch {
        problems.append(DocumentRejection(document.key, "\(error)"))
        return false
      }
    }
    return (usable.isEmpty ? nil : PlainDocuments(usable), problems)
  }

  private init(body: @escaping @Sendable ([Document]) -> Result) {
    views = nil
    self.body = body
  }

  /// - Returns: the state, or nil if nothing usable is left, and each document that is missing or can't be used.
  public func callAsFunction(_ documents: [Document]) -> Result { body(documents) }
}

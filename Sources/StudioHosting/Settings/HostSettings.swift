package import ControlIngress
package import Studio

/// What a host is started with: the studio, where it listens, and how long its end may take.
package struct HostSettings: Sendable {
  package var studio: StudioOptions
  package var osc: ListenAddress
  package var http: ListenAddress
  /// For the flush at the end.
  package var shutdownBudget = Duration.seconds(3)
  package var httpLimits = HTTPLimits()

  package init(_ studio: StudioOptions, osc: ListenAddress, http: ListenAddress) {
    self.studio = studio
    self.osc = osc
    self.http = http
  }
}

/**
 * The conformance tool: statements about Bayeux 1.0, each judged by clients of its own over the wire alone.
 *
 * <p>{@code ConformanceCommand} asks the server what it offers ({@code Discovery}), the {@code Judge} verifies every {@code
 * Statement} of the {@code Catalogue} with a {@code Probe}, and the {@code report} package tells the {@code Run}. {@code wire}
 * speaks Bayeux and writes down what went over it; {@code statements} has the claims, a chapter a file.
 */
package megacomet.conformance;

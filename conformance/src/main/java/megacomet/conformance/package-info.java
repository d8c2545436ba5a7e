/**
 * The conformance tool: statements about Bayeux 1.0, each judged by clients of its own over the wire alone.
 *
 * <p>{@code ConformanceCommand} reads what is wanted, and the {@code Catalogue} has all statements. {@code judge} asks the
 * server what it offers ({@code Discovery}) and verifies every {@code Statement} with a {@code Probe}; {@code report} tells
 * the {@code Run}; {@code wire} speaks Bayeux and writes down what went over it; {@code statements} has the claims, a chapter
 * a file.
 */
package megacomet.conformance;

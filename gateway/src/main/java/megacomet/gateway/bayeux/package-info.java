/**
 * Bayeux 1.0, for stock clients of CometD and Faye. A session is a client of its own, and its connect an ordinary hold; what
 * the session follows, how far its client is and whose it is are in Redis. So every message of a session may come to any
 * node by any transport.
 *
 * <pre>
 * LongPolling, CallbackPolling, BayeuxSocket   what came, as messages          (a Peer)
 *   Exchange                                   answers them one after the other
 *     Handshakes, Subscriptions, Publishes, ServiceChannels, Connects
 *       PolledHold                             a connect that waits for messages and is answered with them
 *       PushedHold                             messages beside connects: WebSocket, event source, iframe
 * </pre>
 */
package megacomet.gateway.bayeux;

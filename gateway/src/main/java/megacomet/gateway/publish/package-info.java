/**
 * What browsers publish, by whatever transport: bounded by who they are before Redis is asked. {@link
 * megacomet.gateway.publish.BrowserPublisher} publishes, {@link megacomet.gateway.publish.Quotas} knows what each client has
 * left.
 */
package megacomet.gateway.publish;

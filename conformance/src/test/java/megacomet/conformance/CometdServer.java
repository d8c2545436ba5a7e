package megacomet.conformance;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.util.EnumSet;
import java.util.Map;
import org.cometd.bayeux.server.BayeuxServer;
import org.cometd.bayeux.server.ServerMessage;
import org.cometd.bayeux.server.ServerSession;
import org.cometd.server.BayeuxServerImpl;
import org.cometd.server.CometDServlet;
import org.cometd.server.DefaultSecurityPolicy;
import org.cometd.server.ext.AcknowledgedMessagesExtension;
import org.cometd.server.ext.TimesyncExtension;
import org.cometd.server.http.AsyncJSONTransport;
import org.cometd.server.http.JSONPTransport;
import org.cometd.server.websocket.jetty.JettyWebSocketTransport;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.eclipse.jetty.websocket.server.config.JettyWebSocketServletContainerInitializer;

/** CometD's server on Jetty: what the tool is judged by. By itself: {@code CometdServer PORT}. */
final class CometdServer implements AutoCloseable {

    static final long TIMEOUT_MS = 2_000;
    static final long MAX_INTERVAL_MS = 3_000;

    /** Shorter than maxInterval: it ends sessions that wait as long as it told them to. */
    static final long MULTI_SESSION_INTERVAL_MS = 1_000;

    static final String REJECTED_TOKEN = "rejected";

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    private static final class RejectsOneToken extends DefaultSecurityPolicy {
        @Override
        public boolean canHandshake(BayeuxServer server, ServerSession session, ServerMessage message) {
            Map<String, Object> ext = message.getExt();
            return ext == null || !REJECTED_TOKEN.equals(ext.get("token"));
        }
    }

    /** As it is. */
    CometdServer(int port) throws Exception {
        this(port, new BayeuxServer.Extension() {}, (request, response, chain) -> chain.doFilter(request, response));
    }

    /** With something broken. */
    static CometdServer sabotaged(Sabotage sabotage) throws Exception {
        return new CometdServer(0, sabotage.extension(), sabotage.filter());
    }

    /**
     * @param outermost sees messages first when they come and last when they go
     * @param filter around all of HTTP
     */
    private CometdServer(int port, BayeuxServer.Extension outermost, Filter filter) throws Exception {
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler(server, "/");
        JettyWebSocketServletContainerInitializer.configure(context, null);
        FilterHolder holder = new FilterHolder(filter);
        holder.setAsyncSupported(true);
        context.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST));
        ServletHolder servlet = new ServletHolder(CometDServlet.class);
        servlet.setInitParameter("timeout", String.valueOf(TIMEOUT_MS));
        servlet.setInitParameter("maxInterval", String.valueOf(MAX_INTERVAL_MS));
        servlet.setInitParameter("multiSessionInterval", String.valueOf(MULTI_SESSION_INTERVAL_MS));
        servlet.setInitParameter("ws.cometdURLMapping", "/bayeux/*");
        servlet.setInitParameter(
                "transports",
                String.join(
                        ",",
                        JettyWebSocketTransport.class.getName(),
                        AsyncJSONTransport.class.getName(),
                        JSONPTransport.class.getName()));
        servlet.setInitOrder(1);
        servlet.setAsyncSupported(true);
        context.addServlet(servlet, "/bayeux/*");
        server.start();
        BayeuxServerImpl bayeux = (BayeuxServerImpl) context.getServletContext().getAttribute(BayeuxServer.ATTRIBUTE);
        bayeux.setSecurityPolicy(new RejectsOneToken());
        bayeux.addExtension(outermost);
        bayeux.addExtension(new AcknowledgedMessagesExtension());
        bayeux.addExtension(new TimesyncExtension());
    }

    String url() {
        return "http://127.0.0.1:" + connector.getLocalPort() + "/bayeux";
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }

    public static void main(String[] arguments) throws Exception {
        CometdServer server = new CometdServer(Integer.parseInt(arguments[0]));
        System.out.println("ready " + server.connector.getLocalPort());
        server.server.join();
    }
}

package megacomet.loadtest.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A million of them must find room beside what they measure. */
class BrowserHeapIT {

    private static final int BROWSERS = 10_000;
    private static final long MAX_BYTES = 1_536;

    @ParameterizedTest
    @CsvSource({"mega-json, ''", "mega-sse, 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\n:\n\n\r\n'"})
    void aWaitingBrowserTakesLessThanOneAndAHalfKilobytes(String dialect, String firstBytes) throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            Channel server = new ServerBootstrap()
                    .group(loops)
                    .channel(NioServerSocketChannel.class)
                    .option(ChannelOption.SO_BACKLOG, 4_096)
                    .childHandler(answering(firstBytes))
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .sync()
                    .channel();
            int port = ((InetSocketAddress) server.localAddress()).getPort();
            long bytes = probe("http://127.0.0.1:" + port, dialect);
            System.out.printf("%s: a waiting browser takes %,d bytes of heap%n", dialect, bytes);
            assertTrue(bytes < MAX_BYTES, dialect + ": " + bytes + " bytes");
        } finally {
            loops.shutdownGracefully();
        }
    }

    private static ChannelInitializer<SocketChannel> answering(String firstBytes) {
        ByteBuf answer = Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(firstBytes, StandardCharsets.US_ASCII));
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel browser) {
                browser.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext context, Object request) {
                        ((ByteBuf) request).release();
                        context.writeAndFlush(answer.duplicate());
                    }
                });
            }
        };
    }

    private static long probe(String url, String dialect) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HeapProbe.class.getName(),
                        url,
                        dialect,
                        "" + BROWSERS)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        assertEquals(0, process.waitFor(), said);
        return Long.parseLong(said);
    }
}

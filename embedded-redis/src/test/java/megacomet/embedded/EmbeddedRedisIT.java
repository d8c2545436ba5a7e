package megacomet.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EmbeddedRedisIT {

    @Test
    void answersOnceStartedAndIsGoneOnceClosed() throws Exception {
        RedisServer server = RedisServer.start();
        assertEquals("PONG", server.command("PING"));
        assertTrue(server.command("INFO", "server").contains("redis_version:7."));
        server.close();
        assertThrows(IOException.class, () -> server.command("PING"));
        assertFalse(ProcessHandle.of(server.pid()).isPresent());
    }

    @Test
    void isSeenToEndWhenKilledAndComesBackEmptyOnTheSamePort() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            CountDownLatch ended = new CountDownLatch(1);
            server.whenEnded(ended::countDown);
            server.command("SET", "a", "1");
            server.kill();
            assertTrue(ended.await(10, TimeUnit.SECONDS));
            server.restart();
            assertEquals("0", server.command("DBSIZE"));
        }
    }

    @Test
    void aProtectedServerServesNobodyWithoutItsPasswordWhichNoOtherUserCanRead() throws Exception {
        try (RedisServer server = RedisServer.startProtected()) {
            assertEquals("PONG", server.command("PING"));
            IOException refused = assertThrows(IOException.class, () -> Wire.command(server.port(), null, "PING"));
            assertTrue(refused.getMessage().startsWith("NOAUTH"), refused::getMessage);
            String password = server.url().replaceFirst("redis://:(\\w+)@.*", "$1");
            Path folder = Path.of(
                    server.command("CONFIG", "GET", "dir").lines().toList().get(1));
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
            assertFalse(ProcessHandle.current()
                    .descendants()
                    .anyMatch(child -> child.info().commandLine().orElse("").contains(password)));
            server.kill();
            server.restart();
            assertEquals("PONG", server.command("PING"));
        }
    }

    @Test
    void doesNotOutliveAProcessThatWasKilled() throws Exception {
        Process parent = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long server = Long.parseLong(new BufferedReader(new InputStreamReader(parent.getInputStream())).readLine());
        assertTrue(ProcessHandle.of(server).orElseThrow().isAlive());
        parent.destroyForcibly();
        ProcessHandle.of(server)
                .ifPresent(handle ->
                        handle.onExit().orTimeout(10, TimeUnit.SECONDS).join());
    }

    @Test
    void clusterServesEverySlot() throws Exception {
        try (RedisCluster cluster = RedisCluster.start(3)) {
            String info = cluster.masters().get(0).command("CLUSTER", "INFO");
            assertTrue(info.contains("cluster_slots_ok:16384"), info);
            assertTrue(info.contains("cluster_size:3"), info);
        }
    }

    @Test
    void sentinelsNameTheMaster() throws Exception {
        try (RedisSentinels group = RedisSentinels.start()) {
            assertEquals(
                    "master", group.master().command("ROLE").lines().findFirst().orElseThrow());
            assertEquals(
                    "slave", group.replica().command("ROLE").lines().findFirst().orElseThrow());
        }
    }

    /** A process that starts a server, says its pid and waits to be killed. */
    static final class Parent {
        public static void main(String[] args) throws Exception {
            System.out.println(RedisServer.start().pid());
            new CountDownLatch(1).await();
        }
    }
}

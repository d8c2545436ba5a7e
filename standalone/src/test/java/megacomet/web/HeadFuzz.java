package megacomet.web;

import megacomet.web.fixture.ReadAlike;

/** Heads of requests that are read without a whole reader of HTTP. */
public final class HeadFuzz {

    private static final HeadReader READER = new HeadReader("/v1/poll");

    private HeadFuzz() {}

    public static void head(byte[] bytes) {
        ReadAlike.check(READER, bytes);
    }
}

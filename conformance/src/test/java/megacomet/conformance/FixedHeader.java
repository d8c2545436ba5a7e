package megacomet.conformance;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;

/** A response of which one header cannot be changed any more. */
final class FixedHeader extends HttpServletResponseWrapper {

    private final String name;

    FixedHeader(HttpServletResponse response, String name) {
        super(response);
        this.name = name;
    }

    @Override
    public void setHeader(String header, String value) {
        if (!name.equalsIgnoreCase(header)) {
            super.setHeader(header, value);
        }
    }

    @Override
    public void setContentType(String type) {
        if (!name.equalsIgnoreCase("Content-Type")) {
            super.setContentType(type);
        }
    }
}

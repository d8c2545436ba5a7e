package megacomet.loadtest.run;

/** The run was asked for what its target or this machine cannot give. Its message is one sentence that says what. */
public final class Unable extends IllegalArgumentException {

    public Unable(String sentence) {
        super(sentence);
    }
}

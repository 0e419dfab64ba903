"""Talk about a catalogue: words in, words and checked titles out; tools that only read, with or without a language model."""

"""What goes wrong around the servers, said in one sentence that tells the person what to do."""


class StartError(Exception):
    """Its text is the sentence to show; there is nothing else to know."""

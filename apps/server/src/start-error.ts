/** A sentence for whoever started the server: it cannot run, and what to do about it. */
export class StartError extends Error {}

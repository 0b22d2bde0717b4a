/**
 * MudOS's socket efuns on Mudwire's core.
 *
 * @packageDocumentation
 */
export {}

/**
 * Text for people: colour markup rendered to what a terminal can do, wrapping by display width, and other people's text
 * made safe. Pure functions of strings; nothing here knows a socket.
 *
 * @packageDocumentation
 */
export type { BasicColour, Colour, ColourDepth, NamedColour, Style } from './colour.ts'
export { escapeMarkup, type Ornament, parse, type Span } from './markup.ts'
export { neutral } from './neutral.ts'
export { render, type TextTerminal } from './render.ts'
export { type WrapOptions, width, wrap } from './wrap.ts'

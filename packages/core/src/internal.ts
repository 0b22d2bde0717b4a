/**
 * For sibling packages only, which would otherwise each have their own: not part of what semantic versioning promises.
 *
 * @internal
 */
export { isPromise } from './is-promise.ts'
export { concatBytes, incompleteTail, sizeByLead, wellFormedLength } from './utf8.ts'
export { portNumber, wholeNumber } from './whole-number.ts'

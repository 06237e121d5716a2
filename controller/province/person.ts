/** A person of the ward. */
export interface Person {
  /** The account's. */
  readonly id: string;
  readonly name: string;
}

/** Who acts: a person, by the account; or another system, which has a name and no account. */
export interface Actor {
  /** The account's id; null for another system. */
  readonly id: string | null;
  readonly name: string;
}

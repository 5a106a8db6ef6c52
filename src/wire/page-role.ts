/** What a browser may do at the page of a board, once it is signed in. */
export type PageRole = 'reader' | 'operator';

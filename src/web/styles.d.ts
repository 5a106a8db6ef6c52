/** Styles are for the bundler; they export nothing. */
declare module '*.css';

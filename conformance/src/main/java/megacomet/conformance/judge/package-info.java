/** What a statement is, and how it is judged. */
package megacomet.conformance.judge;

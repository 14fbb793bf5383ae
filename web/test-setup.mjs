/** A database for the phone's queue where there is no browser. */
import "fake-indexeddb/auto";

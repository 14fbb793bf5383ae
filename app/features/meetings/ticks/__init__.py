"""Who was there: the ticks of who organises, their history, and the facts once another officer has confirmed them."""

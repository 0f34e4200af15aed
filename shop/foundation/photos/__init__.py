"""Photos that anybody may send, made safe before anything else looks at them."""

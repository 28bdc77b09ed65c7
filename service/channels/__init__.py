"""Where people are besides the web page. Each channel renders the desk's messages and carries them; what is
said is the desk's alone."""

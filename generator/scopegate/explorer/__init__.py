"""One HTML file with the tables of a bundle and its policy, which runs in the page.

Most of it is in `page/`: modules of JavaScript, styles and a template, all by hand. Here they are
put together with what a bundle says.
"""

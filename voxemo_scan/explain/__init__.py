"""Explains a moment: which stretch of time and which band of pitch drove a window's verdict.

For callers (a worker of the web page, say), one function is enough::

    from voxemo_scan.explain.moment import explain_file
    explained = explain_file(path, at_s=12.5, ensemble=ensemble)   # an Explained: plain values
    explained.explanation.as_json()                # as POST /api/v1/explain answers, but the image
    from voxemo_scan.explain.draw import svg_picture, image_url
    image_url(svg_picture(explained))              # a data: address for ``image``

``explain_file`` raises ``AudioError`` for what cannot be decoded and ``UsageError`` where there is
no speech at that time (its remedy names the nearest), or where the model has no encoder.
"""

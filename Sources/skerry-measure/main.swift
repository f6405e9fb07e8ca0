print("skerry-measure")

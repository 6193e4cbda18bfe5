namespace AtomProNet.Plots;

/// <summary>What a figure is drawn for.</summary>
public enum FigureForm
{
    /// <summary>A file of its own: its size in millimetres, colours as they are printed, a white ground.</summary>
    Publication,
    /// <summary>A part of an HTML page: as wide as there is room, colours by the page's style, light or dark.</summary>
    Screen,
}

namespace AtomProNet.PS.Hosting;

/// <summary>Where the project and the pages of the cmdlets can be read: what <c>Get-Help -Online</c> opens.</summary>
internal static class HelpPages
{
    /// <summary>
    /// The project's address. It stands nowhere else: the manifest and the package get it from here when they are made, and the help when
    /// it is exported (build.ps1 -Task Help). To be set before the first publication.
    /// </summary>
    public const string Project = "https://github.com/AtomProNet/AtomProNet.PS";

    /// <summary>The address that a page's file name is put behind.</summary>
    public const string Root = Project + "/blob/main/docs/cmdlets/";
}

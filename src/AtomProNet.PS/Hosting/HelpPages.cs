namespace AtomProNet.PS.Hosting;

/// <summary>Where the pages of the cmdlets can be read: what <c>Get-Help -Online</c> opens.</summary>
internal static class HelpPages
{
    /// <summary>The address that a page's file name is put behind.</summary>
    public const string Root = "https://github.com/AtomProNet/AtomProNet.PS/blob/main/docs/cmdlets/";
}

using System.Net;

namespace AtomProNet.PS.Databases;

/// <summary>Reads -Proxy and -ProxyCredential.</summary>
internal static class ProxyAddress
{
    /// <summary>The proxy; null for the system's.</summary>
    /// <param name="address">Its address; a name and password in it are taken out, so that no message shows them.</param>
    /// <param name="credential">Name and password.</param>
    /// <exception cref="AtomProNetException">The address is no proxy's.</exception>
    public static IWebProxy? Read(Uri? address, NetworkCredential? credential)
    {
        if (address is null)
        {
            return null;
        }

        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https" or "socks4" or "socks4a" or "socks5"))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "ProxyInvalid", "This is no address of a proxy.", value: address.IsAbsoluteUri ? address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) : address.OriginalString, remedy: "Give it such as http://proxy.example.org:3128.");
        }

        if (credential is null && address.UserInfo.Split(':', 2) is [{ Length: > 0 } user, var password])
        {
            credential = new NetworkCredential(System.Uri.UnescapeDataString(user), System.Uri.UnescapeDataString(password));
        }

        return new WebProxy(new UriBuilder(address) { UserName = "", Password = "" }.Uri) { Credentials = credential };
    }
}

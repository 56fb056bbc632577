using System.Net;
using Platform.Api.Conventions;

namespace Platform.Api.Tests;

public sealed class ForwardingTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "11.1.2.3", false)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("2001:db8::/32", "2001:db8::1", true)]
    public void Proxy_ByAddressOrNetwork_IsKnown(string setting, string address, bool isKnown) =>
        Assert.Equal(isKnown, Forwarding.Parse(setting).Contains(IPAddress.Parse(address)));

    [Fact]
    public void Proxy_ThatIsNeither_IsRefusedByName() =>
        Assert.Contains("Forwarding:TrustedProxies", Assert.Throws<InvalidOperationException>(() => Forwarding.Parse("proxy.local")).Message, StringComparison.Ordinal);
}

using System.Net;
using Platform.Worker.Leasing;

namespace Platform.Worker.Tests.Leasing;

public sealed class AdvertisedAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:43121", "http://127.0.0.1:43121/")]
    [InlineData("http://localhost:5000", "http://localhost:5000/")]
    [InlineData("http://0.0.0.0:8080", "http://10.1.2.3:8080/")]
    [InlineData("http://[::]:8080", "http://10.1.2.3:8080/")]
    [InlineData("http://+:8080", "http://10.1.2.3:8080/")]
    [InlineData("http://*:8080", "http://10.1.2.3:8080/")]
    [InlineData("https://localhost:5001;http://worker-1:8080", "http://worker-1:8080/")]
    [InlineData("https://localhost:5001", null)]
    [InlineData("", null)]
    public void Choose_WhatTheServerListensOn_GivesWhatOthersCanCall(string bound, string? expected) => Assert.Equal(
        expected, AdvertisedAddress.Choose(bound.Split(';', StringSplitOptions.RemoveEmptyEntries), IPAddress.Parse("10.1.2.3"))?.AbsoluteUri);

    [Fact]
    public void Choose_MachineWithSixthVersionAddress_IsBracketed() => Assert.Equal(
        "http://[fd00::1]:8080/", AdvertisedAddress.Choose(["http://[::]:8080"], IPAddress.Parse("fd00::1"))?.AbsoluteUri);
}

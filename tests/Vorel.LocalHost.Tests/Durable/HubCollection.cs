using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Durable;

/// <summary>One Azurite for all tests of the hub; each has a table of its own.</summary>
[CollectionDefinition(nameof(HubCollection))]
public sealed class HubCollection : ICollectionFixture<AzuriteFixture>;

#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# What needs a server is tested without PowerShell, against one that the tests start; here is what the shell adds.
Describe 'Get-OptimadeStructure' {
    BeforeAll {
        Import-Module $env:ATOMPRONET_MODULE -ErrorAction Stop
    }

    It 'completes the names of databases without the network' {
        $line = 'Get-OptimadeStructure -Provider '
        $found = (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText
        'cod', 'oqmd', 'alexandria', 'mp' | Should -BeIn $found
        $line = 'Get-OptimadeStructure -Provider oq'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be 'oqmd'
    }

    It 'knows no other database' {
        { Get-OptimadeStructure nowhere Al2O3 -ErrorAction Stop } | Should -Throw -ErrorId 'ProviderUnknown,*'
    }

    It 'says what it gives' {
        (Get-Command Get-OptimadeStructure).OutputType.Name | Should -Be 'AtomProNet.Structures.Structure'
    }
}

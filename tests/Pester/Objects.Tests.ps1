#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# Objects that leave the session, into a file, a job or another runspace, come back whole or are refused; never half.

BeforeAll {
    Import-Module $env:ATOMPRONET_MODULE -Force -ErrorAction Stop
    $script:samples = Join-Path $PSScriptRoot '../../samples'
    $script:frame = Import-Outcar (Join-Path $samples 'al-strain/strain_+0.0100/OUTCAR')
    $script:structure = Get-MPStructure Al2O3 -Source Bundled | New-StrainSeries -Range 0.01 | Select-Object -First 1
}

Describe 'Objects' {
    It 'come back from Export-Clixml as what they were' {
        $path = Join-Path $TestDrive 'objects.xml'
        $structure, $frame | Export-Clixml $path
        $again, $frameAgain = Import-Clixml $path
        $again | Should -BeOfType 'AtomProNet.Structures.Structure'
        $again | Should -Be $structure
        $again.ContentHash | Should -Be $structure.ContentHash
        $again.Provenance.ToString() | Should -Be $structure.Provenance.ToString()
        $frameAgain | Should -BeOfType 'AtomProNet.Structures.Frame'
        $frameAgain.FreeEnergy | Should -Be $frame.FreeEnergy
        $frameAgain.Stress | Should -Be $frame.Stress
        $frameAgain.Method | Should -Be $frame.Method
        $frameAgain.Source | Should -Be $frame.Source
        0..($frame.Forces.Count - 1) | ForEach-Object { $frameAgain.Forces[$_] | Should -Be $frame.Forces[$_] }
    }

    It 'go on down the pipeline after a file' {
        $path = Join-Path $TestDrive 'one.xml'
        $structure | Export-Clixml $path
        (Import-Clixml $path | New-Supercell 2, 1, 1).AtomCount | Should -Be (2 * $structure.AtomCount)
    }

    It 'cross into a background job and back' {
        $module = $env:ATOMPRONET_MODULE
        $job = Start-Job { Import-Module $using:module; $using:structure | New-Supercell 2, 1, 1 }
        try {
            $result = $job | Receive-Job -Wait
        }
        finally {
            Remove-Job $job -Force
        }

        $result | Should -BeOfType 'AtomProNet.Structures.Structure'
        $result | Should -Be ($structure | New-Supercell 2, 1, 1)
    }

    It 'cross into parallel runspaces as they are' {
        $module = $env:ATOMPRONET_MODULE
        $found = $structure, $structure | ForEach-Object -Parallel { Import-Module $using:module; $_ | New-Supercell 1, 1, 2 } -ThrottleLimit 2
        $found.AtomCount | Should -Be @((2 * $structure.AtomCount), (2 * $structure.AtomCount))
    }

    It 'pass the serializer that remoting uses' {
        $text = [Management.Automation.PSSerializer]::Serialize($frame)
        [Management.Automation.PSSerializer]::Deserialize($text).FreeEnergy | Should -Be $frame.FreeEnergy
        [Management.Automation.PSSerializer]::Deserialize($text) | Should -BeOfType 'AtomProNet.Structures.Frame'
    }

    It 'are refused where their parts were lost, never bound half' {
        # What arrives from a session that had the library, but not the module's type data.
        $bag = [pscustomobject]@{ Name = 'x'; AtomCount = 8 }
        $bag.PSTypeNames.Insert(0, 'Deserialized.AtomProNet.Structures.Structure')
        $failures = $null
        $bag | New-Supercell 2, 1, 1 -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures.Count | Should -BeGreaterThan 0
        { New-Supercell 2, 1, 1 -Structure $bag } | Should -Throw '*lost its parts*'
    }

    It 'give numbers as JSON' {
        $json = $structure | ConvertTo-Json -WarningAction SilentlyContinue | ConvertFrom-Json
        $json.Lattice.A.X | Should -BeOfType [double]
        $json.Lattice.A.X | Should -Be $structure.Lattice.A.X
        $json.FractionalPositions.Count | Should -Be $structure.AtomCount
        $json.FractionalPositions[0].Z | Should -Be $structure.FractionalPositions[0].Z
        $json.PSObject.Properties.Name | Should -Not -Contain 'WholeObject'
        ($frame | ConvertTo-Json -WarningAction SilentlyContinue | ConvertFrom-Json).Forces[0].X | Should -Be $frame.Forces[0].X
    }

    It 'show a small surface' {
        ($structure | Get-Member -MemberType Properties).Name | Should -Not -Contain 'WholeObject'
    }
}

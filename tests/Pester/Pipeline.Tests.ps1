#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# What a PowerShell user takes for granted of any cmdlet, tried on a few of the module's.

BeforeAll {
    Import-Module $env:ATOMPRONET_MODULE -Force -ErrorAction Stop
    $script:samples = Join-Path $PSScriptRoot '../../samples'
}

Describe 'Pipelines' {
    It 'give their objects one by one' {
        $seen = [Collections.Generic.List[string]]::new()
        Get-MPStructure Si -Source Bundled | New-StrainSeries -Mode Volumetric -Range 0.1 -Step 0.001 |
            ForEach-Object { $seen.Add($_.Name); $_ } | Select-Object -First 3 | Should -HaveCount 3
        $seen.Count | Should -Be 3
    }

    It 'raise no error when Select-Object has enough' {
        $failures = $null
        Get-ChildItem $samples -Recurse -Filter OUTCAR | Import-Outcar -ErrorVariable failures | Select-Object -First 2 | Should -HaveCount 2
        $failures | Should -BeNullOrEmpty
    }

    It 'take files from Get-ChildItem and paths as text' {
        (Get-ChildItem $samples -Recurse -Filter OUTCAR | Import-Outcar).Count | Should -Be 21
        (Join-Path $samples 'al-strain' | Import-Outcar).Count | Should -Be 21
        (Get-ChildItem $samples -Recurse -Filter OUTCAR | Get-Content -TotalCount 1).Count | Should -Be 21
    }

    It 'take wildcards, and literal paths where a bracket stands for itself' {
        $folder = New-Item (Join-Path $TestDrive 'a[1]') -ItemType Directory
        Get-Item (Join-Path $samples 'al-strain/strain_+0.0000/OUTCAR') | ForEach-Object { [IO.File]::Copy($_.FullName, "$($folder.FullName)/OUTCAR") }
        (Import-Outcar -LiteralPath "$($folder.FullName)/OUTCAR").Count | Should -Be 1
        (Import-Outcar (Join-Path $samples 'al-strain/strain_+0.0[12]00/OUTCAR')).Count | Should -Be 2
    }

    It 'start from the location of the session, not of the process' {
        Push-Location $samples
        try {
            [Environment]::CurrentDirectory | Should -Not -Be (Get-Location).ProviderPath
            (Import-Outcar al-strain/strain_+0.0000/OUTCAR).Count | Should -Be 1
        }
        finally {
            Pop-Location
        }
    }

    It 'start from the location of a drive' {
        New-PSDrive -Name samples -PSProvider FileSystem -Root (Resolve-Path $samples).ProviderPath -Scope Script > $null
        (Import-Outcar samples:/al-strain/strain_+0.0000).Count | Should -Be 1
        $failures = $null
        Import-Outcar variable:PSVersionTable -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'PathNotFileSystem,*'
    }

    It 'go on after a bad item, and stop where that is asked for' {
        $failures = $null
        $frames = 'none', (Join-Path $samples 'al-strain/strain_+0.0000') | Import-Outcar -ErrorVariable failures -ErrorAction SilentlyContinue
        $frames.Count | Should -Be 1
        $failures.Count | Should -Be 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'PathNotFound,*'
        $failures[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failures[0].TargetObject | Should -Be 'none'
        { Import-Outcar none -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotFound,*'
    }

    It 'run side by side' {
        $module = $env:ATOMPRONET_MODULE
        $frames = Get-ChildItem $samples -Recurse -Filter OUTCAR | ForEach-Object -Parallel {
            Import-Module $using:module
            $_ | Import-Outcar
        } -ThrottleLimit 4
        $frames.Count | Should -Be 21
    }

    It 'write nothing with -WhatIf' {
        $target = Join-Path $TestDrive 'runs'
        Get-MPStructure Si -Source Bundled | New-VaspInput -Destination $target -WhatIf | Should -BeNullOrEmpty
        $target | Should -Not -Exist
    }

    It 'are stopped at once by Ctrl+C' {
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$env:ATOMPRONET_MODULE'; Get-MPStructure Si -Source Bundled | New-StrainSeries -Mode Volumetric -Range 0.1 -Step 0.0005 | New-RattleSeries 100 | ForEach-Object { }")
            $running = $shell.BeginInvoke()
            Start-Sleep -Seconds 1
            $running.IsCompleted | Should -BeFalse
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 5
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        }
        finally {
            $shell.Dispose()
        }
    }
}

Describe 'Views' {
    BeforeAll {
        function Show([object[]] $Objects) { ($Objects | Out-String -Width 80) -replace '\x1b\[[0-9;]*m' }
    }

    It 'of a structure and a frame fit into 80 columns' {
        $text = Show (Get-MPStructure Al2O3 -Source Bundled)
        $text | Should -Match 'Name\s+Formula\s+Atoms\s+Volume/A3'
        $text | Should -Match 'Al2O3\s+30\s+254\.\d{3}'
        $frames = Show (Import-Outcar (Join-Path $samples 'al-strain'))
        $frames | Should -Match 'Energy/eV'
        ($frames -split '\r?\n' | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
    }

    It 'are the same under every culture' {
        $before = [cultureinfo]::CurrentCulture
        try {
            $texts = foreach ($name in '', 'en-US', 'de-DE', 'tr-TR', 'ar-SA') {
                [cultureinfo]::CurrentCulture = $name
                $structures = Get-MPStructure Al2O3, SiO2 -Source Bundled
                $frames = Import-Outcar (Join-Path $samples 'al-strain')
                (Show $structures) + (Show $frames) + (Show ($structures | Format-List)) + (Show ($frames | Format-List))
            }

            $texts | Select-Object -Unique | Should -HaveCount 1
        }
        finally {
            [cultureinfo]::CurrentCulture = $before
        }
    }
}
